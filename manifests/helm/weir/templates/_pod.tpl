{{/*
How the controller's container is confined. On a node's own ports below 1024 only a capability
helps; the image's java carries it, and gets it where privileges may grow by starting a program.
*/}}
{{- define "weir.containerSecurityContext" -}}
{{- $c := .Values.controller }}
{{- if $c.containerSecurityContext }}
{{- toYaml $c.containerSecurityContext }}
{{- else }}
runAsNonRoot: {{ $c.image.runAsNonRoot }}
runAsUser: {{ $c.image.runAsUser }}
runAsGroup: {{ $c.image.runAsGroup }}
allowPrivilegeEscalation: {{ ternary $c.image.allowPrivilegeEscalation $c.hostNetwork (kindIs "bool" $c.image.allowPrivilegeEscalation) }}
readOnlyRootFilesystem: {{ $c.image.readOnlyRootFilesystem }}
capabilities:
  drop: [ALL]
  add: [NET_BIND_SERVICE]
{{- with $c.image.seccompProfile }}
seccompProfile:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* How the controller's pod is confined. */}}
{{- define "weir.podSecurityContext" -}}
{{- $c := .Values.controller }}
{{- $sysctls := list }}
{{- if not $c.hostNetwork }}
{{- /* Ports below 1024 without root, in the pod's own network; one of the sysctls that are safe. */}}
{{- $sysctls = append $sysctls (dict "name" "net.ipv4.ip_unprivileged_port_start" "value" "0") }}
{{- end }}
{{- range $name, $value := $c.sysctls }}
{{- if ne $name "net.ipv4.ip_unprivileged_port_start" }}
{{- $sysctls = append $sysctls (dict "name" $name "value" (include "weir.text" $value)) }}
{{- end }}
{{- end }}
{{- $context := deepCopy (default dict $c.podSecurityContext) }}
{{- $given := default list $context.sysctls }}
{{- $names := list }}
{{- range $given }}
{{- $names = append $names .name }}
{{- end }}
{{- range $sysctls }}
{{- if not (has .name $names) }}
{{- $given = append $given . }}
{{- end }}
{{- end }}
{{- if $given }}
{{- $_ := set $context "sysctls" $given }}
{{- end }}
{{- with $context }}{{ toYaml . }}{{ end }}
{{- end }}

{{- define "weir.healthzPort" -}}
{{- include "weir.text" (default .Values.controller.metrics.port (get (default dict .Values.controller.extraArgs) "healthz-port")) }}
{{- end }}

{{/* A probe, asking where health is told: dict "root" $ "probe" (dict) */}}
{{- define "weir.probe" -}}
{{- $c := .root.Values.controller }}
{{- $probe := deepCopy .probe }}
{{- with $probe.httpGet }}
{{- if eq (int .port) 10254 }}
{{- $_ := set . "port" (int (include "weir.healthzPort" $.root)) }}
{{- end }}
{{- if eq (toString .path) "/healthz" }}
{{- $_ := set . "path" (default $c.healthCheckPath (get (default dict $c.extraArgs) "health-check-path")) }}
{{- end }}
{{- if and $c.hostNetwork $c.healthCheckHost (not .host) }}
{{- $_ := set . "host" $c.healthCheckHost }}
{{- end }}
{{- end }}
{{- toYaml $probe }}
{{- end }}

{{- define "weir.controllerContainer" -}}
{{- $c := .Values.controller }}
name: {{ $c.containerName }}
image: {{ include "weir.image" (dict "root" . "image" $c.image) | quote }}
imagePullPolicy: {{ $c.image.pullPolicy }}
{{- with $c.lifecycle }}
lifecycle:
  {{- toYaml . | nindent 2 }}
{{- end }}
args:
  {{- include "weir.arguments" . | trim | nindent 2 }}
securityContext:
  {{- include "weir.containerSecurityContext" . | trim | nindent 2 }}
env:
  - name: POD_NAME
    valueFrom:
      fieldRef:
        fieldPath: metadata.name
  - name: POD_NAMESPACE
    valueFrom:
      fieldRef:
        fieldPath: metadata.namespace
  {{- with $c.extraEnvs }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
ports:
  {{- range $name := list "http" "https" }}
  - name: {{ $name }}
    containerPort: {{ get $c.containerPort $name }}
    protocol: TCP
    {{- if $c.hostPort.enabled }}
    hostPort: {{ default (get $c.containerPort $name) (get (default dict $c.hostPort.ports) $name) }}
    {{- end }}
  {{- end }}
  - name: {{ $c.metrics.portName }}
    containerPort: {{ include "weir.healthzPort" . }}
    protocol: TCP
  {{- if $c.admissionWebhooks.enabled }}
  - name: webhook
    containerPort: {{ $c.admissionWebhooks.port }}
    protocol: TCP
  {{- end }}
{{- range $name := list "startupProbe" "livenessProbe" "readinessProbe" }}
{{- with get $c $name }}
{{ $name }}:
  {{- include "weir.probe" (dict "root" $ "probe" .) | nindent 2 }}
{{- end }}
{{- end }}
{{- with $c.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  # Native libraries are unpacked here.
  - name: tmp
    mountPath: /tmp
  {{- if $c.admissionWebhooks.enabled }}
  - name: webhook-certificate
    mountPath: {{ dir $c.admissionWebhooks.certificate }}
    readOnly: true
  {{- end }}
  {{- with $c.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "weir.controllerVolumes" -}}
{{- $w := .Values.controller.admissionWebhooks }}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if $w.enabled }}
- name: webhook-certificate
  secret:
    secretName: {{ include "weir.webhookSecret" . }}
    # Weir waits for it, and notices when it changes.
    optional: true
    defaultMode: 0444
    items:
      - key: {{ ternary "tls.crt" "cert" $w.certManager.enabled }}
        path: {{ base $w.certificate }}
      - key: {{ ternary "tls.key" "key" $w.certManager.enabled }}
        path: {{ base $w.key }}
{{- end }}
{{- with .Values.controller.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Settings of a pod that are passed on as they are: dict "of" (dict) "names" (list) */}}
{{- define "weir.passedOn" -}}
{{- range .names }}
{{- $value := get $.of . }}
{{- if $value }}
{{ . }}:{{ if or (kindIs "map" $value) (kindIs "slice" $value) }}{{ toYaml $value | nindent 2 }}{{ else }} {{ toYaml $value }}{{ end }}
{{- end }}
{{- end }}
{{- end }}
