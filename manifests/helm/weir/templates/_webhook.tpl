{{/* Where the webhook's certificate is. */}}
{{- define "weir.webhookSecret" -}}
{{- $w := .Values.controller.admissionWebhooks }}
{{- $made := and $w.patch.enabled (not $w.certManager.enabled) }}
{{- /* Its own name: a Secret that ingress-nginx's jobs made is none of Helm's. */}}
{{- printf "%s-admission%s" (include "weir.fullname" .) (ternary "-certificate" "" $made) }}
{{- end }}

{{- define "weir.webhookService" -}}
{{- include "weir.serviceNamed" (dict "root" . "suffix" "admission") }}
{{- end }}
