{{- define "skewless.part" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "skewless.name" -}}
{{- $part := include "skewless.part" . }}
{{- $name := contains $part .Release.Name | ternary .Release.Name (print .Release.Name "-" $part) }}
{{- .Values.fullnameOverride | default $name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "skewless.selector" -}}
app.kubernetes.io/name: {{ include "skewless.part" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "skewless.metadata" -}}
name: {{ include "skewless.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "skewless.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "skewless.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}{{ end }}
{{- end }}

{{- define "skewless.keysSecret" -}}
{{- with .Values.apiKeys }}{{ if .existingSecret }}{{ .existingSecret }}{{ else if .lines }}{{ include "skewless.name" $ }}-keys{{ end }}{{ end }}
{{- end }}

{{- define "skewless.container.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* A value as text: YAML's numbers are floats to Helm, which would write 67108864 as 6.7108864e+07. */}}
{{- define "skewless.text" -}}
{{- kindIs "string" . | ternary . (toJson .) | quote }}
{{- end }}

{{- /* A mapping whose values must be texts: labels, annotations, settings. */}}
{{- define "skewless.texts" -}}
{{- range $name, $value := . }}
{{ $name }}: {{ include "skewless.text" $value }}
{{- end }}
{{- end }}

{{- /* How many pods there may be. */}}
{{- define "skewless.replicas" -}}
{{- .Values.autoscaling.enabled | ternary .Values.autoscaling.maxReplicas .Values.replicaCount }}
{{- end }}

{{- /* Refuses what would look right and tell nothing, or wrong things. */}}
{{- define "skewless.monitor.check" -}}
{{- with .Values.monitor }}
{{- if and (eq .store "postgres") (not .postgres.existingSecret) }}
{{- fail "monitor.postgres.existingSecret: which secret holds the URL of the database?" }}
{{- end }}
{{- if and .alerts (eq .store "none") }}
{{- fail "monitor.alerts: where nothing is kept of predictions nothing can be judged: set monitor.store=postgres, or monitor.alerts=false." }}
{{- end }}
{{- if and (eq .store "embedded") (gt (include "skewless.replicas" $ | int) 1) }}
{{- if .alerts }}
{{- fail "monitor.alerts: several pods, each with a folder of its own, judge a part of the rows each: set monitor.store=postgres, or autoscaling.enabled=false with replicaCount=1." }}
{{- end }}
{{- if .embedded.claim.enabled }}
{{- fail "monitor.embedded.claim: one folder is for one machine, and several pods may be on several: set monitor.store=postgres, or autoscaling.enabled=false with replicaCount=1." }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "skewless.monitor.claim" -}}
{{- with .Values.monitor.embedded.claim }}{{ .existing | default (print (include "skewless.name" $) "-monitor") }}{{ end }}
{{- end }}

{{- /* What configMapRef and secrets give to each container of the image. */}}
{{- define "skewless.envFrom" -}}
- configMapRef:
    name: {{ include "skewless.name" . }}
{{- with .Values.extraEnvFrom }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "skewless.env" -}}
{{- if eq .Values.monitor.store "postgres" }}
- name: MONITOR_STORE
  valueFrom:
    secretKeyRef:
      name: {{ .Values.monitor.postgres.existingSecret }}
      key: {{ .Values.monitor.postgres.key }}
{{- end }}
{{- range .Values.extraEnv }}
- name: {{ .name }}
  {{- if hasKey . "value" }}
  value: {{ include "skewless.text" .value }}
  {{- else }}
  valueFrom:
    {{- toYaml .valueFrom | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "skewless.pod.securityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* Of the pods that renew models: other labels than the servers', to whom requests go. */}}
{{- define "skewless.renewal.name" -}}
{{- include "skewless.name" . | trunc 44 | trimSuffix "-" }}-renewal
{{- end }}

{{- define "skewless.renewal.selector" -}}
app.kubernetes.io/name: {{ include "skewless.part" . | trunc 55 | trimSuffix "-" }}-renewal
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "skewless.renewal.metadata" -}}
name: {{ include "skewless.renewal.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "skewless.renewal.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "skewless.renewal.check" -}}
{{- with .Values.models }}
{{- if or (ne .from "claim") (not (has "ReadWriteMany" .claim.accessModes)) }}
{{- fail "renewal.enabled: new versions are written where servers read them: set models.from=claim and models.claim.accessModes={ReadWriteMany}." }}
{{- end }}
{{- end }}
{{- if ne .Values.monitor.store "postgres" }}
{{- fail "renewal.enabled: the worker has to see what the servers answered: set monitor.store=postgres." }}
{{- end }}
{{- if not .Values.renewal.home.existingClaim }}
{{- fail "renewal.home.existingClaim: which claim holds config/models/<name>.yaml and the tables to train on?" }}
{{- end }}
{{- end }}
