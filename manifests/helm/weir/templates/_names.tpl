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
app.kubernetes.io/name: {{ include "weir.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "weir.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "weir.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ include "weir.name" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels of the controller's objects. */}}
{{- define "weir.controllerLabels" -}}
{{ include "weir.labels" . }}
app.kubernetes.io/component: controller
{{- with .Values.controller.labels }}
{{ toYaml . }}
{{- end }}
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
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end }}
{{- end }}
