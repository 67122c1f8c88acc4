{{/* The value at a path, as JSON in a map, since a template can only return text. */}}
{{- define "weir.at" -}}
{{- $value := .values }}
{{- range splitList "." .path }}
{{- $value = ternary (get (ternary $value dict (kindIs "map" $value)) .) "" (kindIs "map" $value) }}
{{- end }}
{{- dict "value" $value | toJson }}
{{- end }}

{{/* Whether something is set at a path: "yes" or nothing. */}}
{{- define "weir.isSet" -}}
{{- $value := get (include "weir.at" . | fromJson) "value" }}
{{- if kindIs "map" $value }}
{{- range $key, $inner := $value }}{{ if $inner }}yes{{ end }}{{ end }}
{{- else if and $value (ne (toString $value) "false") }}yes{{ end }}
{{- end }}

{{/* Puts the paths of "of" that nobody knows into the map "unknown". */}}
{{- define "weir.collectUnknown" -}}
{{- range $key, $value := .of }}
{{- $path := ternary $key (printf "%s.%s" $.path $key) (empty $.path) }}
{{- if hasKey $.leaves $path }}
{{- else if and (hasKey $.inner $path) (kindIs "map" $value) }}
{{- include "weir.collectUnknown" (dict "of" $value "path" $path "leaves" $.leaves "inner" $.inner "unknown" $.unknown) }}
{{- else if not (and (hasKey $.inner $path) (kindIs "invalid" $value)) }}
{{- $_ := set $.unknown $path "" }}
{{- end }}
{{- end }}
{{- end }}

{{/* The values that this chart doesn't know, in one line. */}}
{{- define "weir.unknown" -}}
{{- $paths := .Files.Get "value-paths.yaml" | fromYaml }}
{{- $leaves := dict }}
{{- $inner := dict }}
{{- $unknown := dict }}
{{- range concat $paths.works $paths.inert (keys $paths.ignored) (keys $paths.refused) }}
{{- $_ := set $leaves . "" }}
{{- $before := "" }}
{{- range initial (splitList "." .) }}
{{- $before = ternary . (printf "%s.%s" $before .) (empty $before) }}
{{- $_ := set $inner $before "" }}
{{- end }}
{{- end }}
{{- include "weir.collectUnknown" (dict "of" .Values "path" "" "leaves" $leaves "inner" $inner "unknown" $unknown) }}
{{- keys $unknown | sortAlpha | join ", " }}
{{- end }}

{{/* What can't be installed, a line for each. */}}
{{- define "weir.problems" -}}
{{- $c := .Values.controller }}
{{- range $path, $why := get (.Files.Get "value-paths.yaml" | fromYaml) "refused" }}
{{- if include "weir.isSet" (dict "values" $.Values "path" $path) }}
- {{ $path }}: {{ $why }}
{{- end }}
{{- end }}
{{- $flags := .Files.Get "flags.yaml" | fromYaml }}
{{- range $name, $value := $c.extraArgs }}
{{- if not (has $name $flags.flags) }}
- controller.extraArgs.{{ $name }}: Weir has no such flag; "weir run --help" lists them
{{- else if and (has $name (list "enable-ssl-passthrough" "tcp-services-configmap" "udp-services-configmap")) (hasKey $flags.later $name) (ne (toString $value) "false") }}
- controller.extraArgs.{{ $name }}: has no effect yet, and what it is for would be unreachable; remove it
{{- end }}
{{- end }}
{{- if not (has $c.kind (list "Deployment" "DaemonSet")) }}
- controller.kind: {{ $c.kind }} is neither Deployment nor DaemonSet
{{- end }}
{{- $image := default $c.image.image $c.image.repository }}
{{- if regexMatch "ingress-nginx[/-]controller|nginx-ingress-controller" $image }}
- controller.image: {{ $image }} is ingress-nginx's image; set controller.image.repository to where Weir's is, and remove registry, image, tag and digest
{{- else if regexMatch "^v[01]\\.[0-9]+\\." (toString $c.image.tag) }}
- controller.image.tag: {{ $c.image.tag }} is a release of ingress-nginx; remove tag and digest, or set them to Weir's
{{- end }}
{{- if eq (include "weir.text" $c.containerPort.http) (include "weir.text" $c.containerPort.https) }}
- controller.containerPort: http and https are both {{ include "weir.text" $c.containerPort.http }}; where the load balancer ends TLS, leave them as they are and set controller.service.targetPorts.https: http
{{- end }}
{{- if not $c.extraContainers }}
{{- $ports := list "http" "https" (include "weir.text" $c.containerPort.http) (include "weir.text" $c.containerPort.https) }}
{{- range $path, $targets := dict "controller.service.targetPorts" $c.service.targetPorts "controller.service.internal.targetPorts" $c.service.internal.targetPorts }}
{{- range $name, $target := $targets }}
{{- if and (has $name (list "http" "https")) $target (not (has (include "weir.text" $target) $ports)) }}
- {{ $path }}.{{ $name }}: {{ include "weir.text" $target }} is no port of the container, which has http and https; where the load balancer ends TLS, set {{ $path }}.https: http
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $.Values.defaultBackend.enabled (eq (include "weir.controller" $) (include "weir.defaultBackend" $)) }}
- {{ ternary "fullnameOverride" "nameOverride" (not (empty $.Values.fullnameOverride)) }}: cut to 63 characters, the names of the controller and of the default backend are both {{ include "weir.controller" $ }}; choose a shorter one
{{- end }}
{{- if and $c.service.internal.enabled (not $c.service.internal.annotations) (not $c.service.internal.loadBalancerClass) (eq (default $c.service.type $c.service.internal.type) "LoadBalancer") }}
- controller.service.internal: without annotations (or loadBalancerClass) that make your cloud's load balancer an internal one it would be public; add them to controller.service.internal.annotations
{{- end }}
{{- if and $c.autoscaling.enabled $c.keda.enabled }}
- controller.autoscaling, controller.keda: both are enabled, and would fight over the replicas; choose one
{{- end }}
{{- if and (or $c.autoscaling.enabled $c.keda.enabled) (eq $c.kind "DaemonSet") }}
- {{ ternary "controller.autoscaling" "controller.keda" $c.autoscaling.enabled }}: a DaemonSet has a pod on each node and isn't scaled; disable it, or set controller.kind to Deployment
{{- end }}
{{- if and $c.scope.enabled $c.scope.namespaceSelector }}
- controller.scope: "enabled" and namespaceSelector exclude each other, set one
{{- end }}
{{- if and .Values.rbac.scope (not $c.scope.enabled) }}
- rbac.scope: rights in one namespace only don't suffice for all; set controller.scope.enabled
{{- end }}
{{- if ne (dir $c.admissionWebhooks.certificate) (dir $c.admissionWebhooks.key) }}
- controller.admissionWebhooks: certificate and key are files of one Secret, give them the same folder
{{- end }}
{{- end }}

{{- define "weir.check" -}}
{{- with include "weir.problems" . | trim }}
{{- printf "These values can't be installed:\n%s" . | fail }}
{{- end }}
{{- end }}

{{/* What someone should know who installs this, a line for each. */}}
{{- define "weir.warnings" -}}
{{- $c := .Values.controller }}
{{- range $path, $why := get (.Files.Get "value-paths.yaml" | fromYaml) "ignored" }}
{{- if include "weir.isSet" (dict "values" $.Values "path" $path) }}
- {{ $path }} has no effect: {{ $why }}.
{{- end }}
{{- end }}
{{- with include "weir.unknown" . }}
- Not values of this chart, and without effect: {{ . }}.
{{- end }}
{{- $later := get (.Files.Get "flags.yaml" | fromYaml) "later" }}
{{- range $name, $value := $c.extraArgs }}
{{- if hasKey $later $name }}
- controller.extraArgs.{{ $name }} has no effect yet: {{ get $later $name }}
{{- end }}
{{- end }}
{{- if and $c.enableTopologyAwareRouting (hasKey $later "enable-topology-aware-routing") }}
- controller.enableTopologyAwareRouting has no effect yet.
{{- end }}
{{- if and (not $c.enableAnnotationValidations) (hasKey $later "enable-annotation-validation") }}
- controller.enableAnnotationValidations: false has no effect: annotations are always checked.
{{- end }}
{{- if $c.allowSnippetAnnotations }}
- controller.allowSnippetAnnotations: snippets are nginx's configuration, which nothing here reads. Each one is a
  finding; routes that one protects answer 503.
{{- end }}
{{- if and $c.hostNetwork (eq $c.dnsPolicy "ClusterFirst") }}
- controller.hostNetwork: names of Services (auth-url, ExternalName) are only found with
  controller.dnsPolicy: ClusterFirstWithHostNet.
{{- end }}
{{- if and $c.autoscaling.enabled $c.autoscaling.targetMemoryUtilizationPercentage }}
- controller.autoscaling.targetMemoryUtilizationPercentage: the memory of a JVM doesn't follow its load, so this
  may keep all replicas; set it to null.
{{- end }}
{{- if and $c.autoscaling.enabled $c.autoscaling.targetCPUUtilizationPercentage (eq (toString (get (default dict (default dict $c.resources).requests) "cpu")) "100m") }}
- controller.autoscaling.targetCPUUtilizationPercentage is a share of the request, which is 100m: set
  controller.resources.requests.cpu to what a replica is meant to use, or a little traffic asks for all of them.
{{- end }}
{{- if and (not $c.metrics.enabled) (or $c.metrics.serviceMonitor.enabled $c.metrics.prometheusRule.enabled) }}
- controller.metrics.serviceMonitor and controller.metrics.prometheusRule have no effect without
  controller.metrics.enabled.
{{- else if and $c.metrics.serviceMonitor.enabled (not $c.metrics.service.enabled) }}
- controller.metrics.serviceMonitor finds nothing without controller.metrics.service.enabled.
{{- end }}
{{- if and $c.networkPolicy.enabled $c.hostNetwork }}
- controller.networkPolicy has no effect on pods in the host's network.
{{- end }}
{{- if and $c.networkPolicy.enabled $c.admissionWebhooks.enabled (not $c.networkPolicy.apiServers) }}
- controller.networkPolicy.apiServers is empty: every pod of the cluster can ask the webhook, which tells whether
  Services and Secrets exist.
{{- end }}
{{- if .Values.rbac.scope }}
- rbac.scope: IngressClasses can't be read. Only Ingresses with the annotation kubernetes.io/ingress.class are served,
  or those without a class (controller.watchIngressWithoutClass).
{{- end }}
{{- if and $c.admissionWebhooks.enabled (not $c.admissionWebhooks.patch.enabled) (not $c.admissionWebhooks.certManager.enabled) }}
- controller.admissionWebhooks: put the certificate into the Secret {{ include "weir.fullname" . }}-admission, under
  "cert" and "key", and its CA into the ValidatingWebhookConfiguration {{ include "weir.fullname" . }}-admission.
{{- end }}
{{- end }}

{{/* Values that are set and needn't be, in one line. */}}
{{- define "weir.needless" -}}
{{- $needless := list }}
{{- range get (.Files.Get "value-paths.yaml" | fromYaml) "inert" }}
{{- if and (ne . "controller.admissionWebhooks.patch") (include "weir.isSet" (dict "values" $.Values "path" .)) }}
{{- $needless = append $needless . }}
{{- end }}
{{- end }}
{{- join ", " $needless }}
{{- end }}
