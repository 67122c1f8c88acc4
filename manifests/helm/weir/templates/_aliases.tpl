{{/*
What values written for ingress-nginx's chart call: its own values.yaml shows topologySpreadConstraints
and affinity with such templates in them.
*/}}
{{- define "ingress-nginx.name" -}}{{ include "weir.name" . }}{{- end }}
{{- define "ingress-nginx.fullname" -}}{{ include "weir.fullname" . }}{{- end }}
{{- define "ingress-nginx.namespace" -}}{{ include "weir.namespace" . }}{{- end }}
{{- define "ingress-nginx.labels" -}}{{ include "weir.labels" . }}{{- end }}
{{- define "ingress-nginx.selectorLabels" -}}{{ include "weir.selectorLabels" . }}{{- end }}
{{- define "ingress-nginx.controller.fullname" -}}{{ include "weir.controller" . }}{{- end }}
{{- define "ingress-nginx.defaultBackend.fullname" -}}{{ include "weir.defaultBackend" . }}{{- end }}
{{- define "ingress-nginx.serviceAccountName" -}}{{ include "weir.serviceAccount" . }}{{- end }}
