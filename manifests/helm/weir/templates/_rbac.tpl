{{/* Ingresses: read, and their status written. */}}
{{- define "weir.ingressRules" -}}
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [get, list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingresses/status]
  verbs: [update]
{{- end }}

{{/* What Ingresses and flags lead to. */}}
{{- define "weir.referenceRules" -}}
- apiGroups: [""]
  resources: [services, secrets, configmaps]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{/* What belongs to no namespace. */}}
{{- define "weir.clusterRules" -}}
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
{{- if not (or (include "weir.publishService" .) (get (default dict .Values.controller.extraArgs) "publish-status-address")) }}
# The nodes' addresses are published.
- apiGroups: [""]
  resources: [nodes]
  verbs: [get]
{{- end }}
{{- end }}

{{/* The namespace in which Ingresses are served, if it is only one. */}}
{{- define "weir.servedNamespace" -}}
{{- if .Values.controller.scope.enabled }}
{{- default (include "weir.namespace" .) .Values.controller.scope.namespace }}
{{- end }}
{{- end }}

{{/* With controller.scope.enabled: the namespaces that are read, those that flags point at included. */}}
{{- define "weir.readNamespaces" -}}
{{- $own := include "weir.namespace" . }}
{{- $c := .Values.controller }}
{{- $names := list (include "weir.servedNamespace" .) (default $own $c.configMapNamespace) }}
{{- if or .Values.defaultBackend.enabled $c.addHeaders $c.proxySetHeaders }}
{{- $names = append $names $own }}
{{- end }}
{{- range list (include "weir.publishService" .) (get (default dict $c.extraArgs) "publish-service") (get (default dict $c.extraArgs) "default-ssl-certificate") (get (default dict $c.extraArgs) "default-backend-service") }}
{{- if . }}
{{- $names = append $names (splitList "/" . | first | replace "$(POD_NAMESPACE)" $own) }}
{{- end }}
{{- end }}
{{- $names | uniq | sortAlpha | join "," }}
{{- end }}

{{- define "weir.subjects" -}}
- kind: ServiceAccount
  name: {{ include "weir.serviceAccount" . }}
  namespace: {{ include "weir.namespace" . | toYaml }}
{{- end }}
