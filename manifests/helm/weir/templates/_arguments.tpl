{{/* The Service whose addresses are published, as --publish-service takes it; empty for nodes. */}}
{{- define "weir.publishService" -}}
{{- $c := .Values.controller }}
{{- if and $c.publishService.enabled (not (get (default dict $c.extraArgs) "publish-status-address")) }}
{{- if $c.publishService.pathOverride }}
{{- $c.publishService.pathOverride }}
{{- else if and $c.service.enabled $c.service.external.enabled }}
{{- printf "$(POD_NAMESPACE)/%s" (include "weir.controller" .) }}
{{- else if and $c.service.enabled $c.service.internal.enabled }}
{{- printf "$(POD_NAMESPACE)/%s" (include "weir.serviceNamed" (dict "root" . "suffix" "internal")) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "weir.arguments" -}}
{{- $c := .Values.controller }}
- run
{{- if not $c.enableAnnotationValidations }}
- --enable-annotation-validation=false
{{- end }}
{{- if .Values.defaultBackend.enabled }}
- --default-backend-service=$(POD_NAMESPACE)/{{ include "weir.defaultBackend" . }}
{{- end }}
{{- with include "weir.publishService" . }}
- --publish-service={{ . }}
{{- end }}
- --election-id={{ include "weir.electionId" . }}
{{- with $c.electionTTL }}
- --election-ttl={{ . }}
{{- end }}
{{- if $c.disableLeaderElection }}
- --disable-leader-election
{{- end }}
- --controller-class={{ $c.ingressClassResource.controllerValue }}
{{- with $c.ingressClass }}
- --ingress-class={{ . }}
{{- end }}
{{- if $c.ingressClassByName }}
- --ingress-class-by-name
{{- end }}
{{- if $c.watchIngressWithoutClass }}
- --watch-ingress-without-class
{{- end }}
- --configmap={{ default "$(POD_NAMESPACE)" $c.configMapNamespace }}/{{ include "weir.controller" . }}
{{- if $c.scope.enabled }}
- --watch-namespace={{ default "$(POD_NAMESPACE)" $c.scope.namespace }}
{{- else if $c.scope.namespaceSelector }}
- {{ printf "--watch-namespace-selector=%s" $c.scope.namespaceSelector | quote }}
{{- end }}
{{- if $c.reportNodeInternalIp }}
- --report-node-internal-ip-address
{{- end }}
{{- if $c.enableTopologyAwareRouting }}
- --enable-topology-aware-routing
{{- end }}
{{- if $c.admissionWebhooks.enabled }}
- --validating-webhook=:{{ $c.admissionWebhooks.port }}
- --validating-webhook-certificate={{ $c.admissionWebhooks.certificate }}
- --validating-webhook-key={{ $c.admissionWebhooks.key }}
{{- end }}
{{- if and (ne (int $c.containerPort.http) 80) (not (hasKey (default dict $c.extraArgs) "http-port")) }}
- --http-port={{ $c.containerPort.http }}
{{- end }}
{{- if and (ne (int $c.containerPort.https) 443) (not (hasKey (default dict $c.extraArgs) "https-port")) }}
- --https-port={{ $c.containerPort.https }}
{{- end }}
{{- if and (ne (int $c.metrics.port) 10254) (not (hasKey (default dict $c.extraArgs) "healthz-port")) }}
- --healthz-port={{ $c.metrics.port }}
{{- end }}
{{- with $c.healthCheckHost }}
- --healthz-host={{ . }}
{{- end }}
{{- if ne $c.healthCheckPath "/healthz" }}
- --health-check-path={{ $c.healthCheckPath }}
{{- end }}
- --enable-metrics={{ $c.metrics.enabled }}
{{- range $name, $value := omit (default dict $c.extraArgs) "election-id" }}
{{- $text := include "weir.text" $value }}
- {{ ternary (printf "--%s" $name) (printf "--%s=%s" $name $text) (or (empty $text) (kindIs "invalid" $value)) | quote }}
{{- end }}
{{- end }}
