{{- define "quorate.name" -}}
{{- if contains "quorate" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-quorate" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "quorate.operator" -}}
{{ include "quorate.name" . }}-operator
{{- end }}

{{- define "quorate.labels" -}}
{{ include "quorate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: quorate
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "quorate.selector" -}}
app.kubernetes.io/name: quorate-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "quorate.image" -}}
{{ .image.repository }}:{{ .image.tag | default .chart.AppVersion }}
{{- end }}

{{/* What the operator may do in a namespace that it watches: what it calls, no more. */}}
{{- define "quorate.rules" -}}
- apiGroups: [quorate.dev]
  resources: [kvclusters]
  verbs: [get, list, watch]
- apiGroups: [quorate.dev]
  resources: [mapreducejobs] # to put on and take off a finalizer, and to delete those that have outlived their time
  verbs: [get, list, watch, patch, delete]
- apiGroups: [quorate.dev]
  resources: [kvclusters/status, kvgroups/status, mapreducejobs/status]
  verbs: [get, patch]
- apiGroups: [quorate.dev]
  resources: [kvclusters/finalizers, mapreducejobs/finalizers] # to own objects that hold up their owner's deletion in the foreground
  verbs: [update]
- apiGroups: [quorate.dev]
  resources: [kvgroups]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [statefulsets, deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [pods, persistentvolumeclaims] # made by StatefulSets and Jobs
  verbs: [get, list, watch, patch, delete]
- apiGroups: [""]
  resources: [secrets] # the clusters' tokens; never listed or watched
  verbs: [get, create]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}
