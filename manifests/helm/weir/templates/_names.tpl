{{/* The name of the chart. */}}
{{- define "weir.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* What the names of all objects begin with. */}}
{{- define "weir.fullname" -}}
{{- $name := include "weir.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "weir.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{/* The workload, its Service and its ConfigMap. */}}
{{- define "weir.controller" -}}
{{- printf "%s-%s" (include "weir.fullname" .) .Values.controller.name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* A further Service of the controller, whose name has to be one of DNS: dict "root" $ "suffix" (text) */}}
{{- define "weir.serviceNamed" -}}
{{- $room := int (sub 62 (len .suffix)) }}
{{- printf "%s-%s" (include "weir.controller" .root | trunc $room | trimSuffix "-") .suffix }}
{{- end }}

{{- define "weir.defaultBackend" -}}
{{- printf "%s-%s" (include "weir.fullname" .) .Values.defaultBackend.name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "weir.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "weir.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "weir.defaultBackendAccount" -}}
{{- if .Values.defaultBackend.serviceAccount.create }}
{{- default (printf "%s-backend" (include "weir.fullname" .)) .Values.defaultBackend.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.defaultBackend.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "weir.electionId" -}}
{{- $flag := get (default dict .Values.controller.extraArgs) "election-id" }}
{{- default (printf "%s-leader" (include "weir.fullname" .)) (default .Values.controller.electionID $flag) }}
{{- end }}

{{- define "weir.selectorLabels" -}}
app.kubernetes.io/name: {{ include "weir.name" . | toYaml }}
app.kubernetes.io/instance: {{ .Release.Name | toYaml }}
{{- end }}

{{/*
Labels of an object, each once: dict "root" $ "component" (text, maybe empty) "more" (list of dicts). What
comes later wins, but for what selectors ask for.
*/}}
{{- define "weir.labelsWith" -}}
{{- $selected := include "weir.selectorLabels" .root | fromYaml }}
{{- if .component }}
{{- $_ := set $selected "app.kubernetes.io/component" .component }}
{{- end }}
{{- $labels := dict "app.kubernetes.io/version" .root.Chart.AppVersion "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") }}
{{- $_ := set $labels "app.kubernetes.io/part-of" (include "weir.name" .root) }}
{{- range concat (list .root.Values.commonLabels) .more (list $selected) }}
{{- range $name, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{- $_ := set $labels $name (include "weir.text" $value) }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $labels }}
{{- end }}

{{- define "weir.labels" -}}
{{- include "weir.labelsWith" (dict "root" . "component" "" "more" list) }}
{{- end }}

{{/* Labels of the controller's objects. */}}
{{- define "weir.controllerLabels" -}}
{{- include "weir.labelsWith" (dict "root" . "component" "controller" "more" (list .Values.controller.labels)) }}
{{- end }}

{{/* The same and more: dict "root" $ "more" (list of dicts) */}}
{{- define "weir.controllerLabelsAnd" -}}
{{- include "weir.labelsWith" (dict "root" .root "component" "controller" "more" (prepend .more .root.Values.controller.labels)) }}
{{- end }}

{{/* An image: dict "root" $ "image" .Values.controller.image */}}
{{- define "weir.image" -}}
{{- $registry := .image.registry }}
{{- with .root.Values.global }}
{{- with .image }}{{ $registry = default $registry .registry }}{{ end }}
{{- end }}
{{- $name := .image.repository }}
{{- if not $name }}
{{- $name = ternary (printf "%s/%s" $registry .image.image) .image.image (not (empty $registry)) }}
{{- end }}
{{- printf "%s:%v" $name (default .root.Chart.AppVersion .image.tag) }}
{{- with .image.digest }}{{ printf "@%s" . }}{{ end }}
{{- end }}

{{/* A value as a flag or a ConfigMap takes it: numbers without an exponent. */}}
{{- define "weir.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else if not (kindIs "invalid" .) }}{{ toString . }}{{ end }}
{{- end }}

{{/* A map of labels or annotations, which have to be texts; what is null isn't there. */}}
{{- define "weir.texts" -}}
{{- $texts := dict }}
{{- range $name, $value := . }}
{{- if not (kindIs "invalid" $value) }}
{{- $_ := set $texts $name (include "weir.text" $value) }}
{{- end }}
{{- end }}
{{- toYaml $texts }}
{{- end }}
