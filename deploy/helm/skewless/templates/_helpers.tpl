{{- define "skewless.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "skewless.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
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
