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
