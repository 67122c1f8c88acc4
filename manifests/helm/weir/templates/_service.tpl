{{/*
A Service of the controller: dict "root" $ "settings" (dict), the latter controller.service or, for the
internal one, controller.service.internal over it. What belongs below "spec:".
*/}}
{{- define "weir.serviceSpec" -}}
{{- $s := .settings }}
type: {{ $s.type }}
{{- range $name := list "clusterIP" "clusterIPs" "externalIPs" "loadBalancerIP" "loadBalancerClass" "loadBalancerSourceRanges" "externalTrafficPolicy" "trafficDistribution" "sessionAffinity" "healthCheckNodePort" "ipFamilyPolicy" "ipFamilies" }}
{{- $value := get $s $name }}
{{- if $value }}
{{ $name }}:{{ if kindIs "slice" $value }}{{ toYaml $value | nindent 2 }}{{ else }} {{ $value }}{{ end }}
{{- end }}
{{- end }}
{{- if kindIs "bool" $s.allocateLoadBalancerNodePorts }}
allocateLoadBalancerNodePorts: {{ $s.allocateLoadBalancerNodePorts }}
{{- end }}
ports:
  {{- range $name := list "http" "https" }}
  {{- if get (dict "http" $s.enableHttp "https" $s.enableHttps) $name }}
  - name: {{ $name }}
    port: {{ get $s.ports $name }}
    protocol: TCP
    targetPort: {{ get $s.targetPorts $name }}
    {{- if $s.appProtocol }}
    appProtocol: {{ $name }}
    {{- end }}
    {{- $nodePort := get $s.nodePorts $name }}
    {{- if and $nodePort (ne $s.type "ClusterIP") }}
    nodePort: {{ $nodePort }}
    {{- end }}
  {{- end }}
  {{- end }}
selector:
  {{- include "weir.selectorLabels" .root | trim | nindent 2 }}
  app.kubernetes.io/component: controller
{{- end }}
