{{- define "pantun.name" -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "pantun.selector" -}}
app.kubernetes.io/name: pantun
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "pantun.labels" -}}
{{ include "pantun.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: token-service
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "pantun.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* hotpath.deadlineMs as PANTUN_HOTPATH_DEADLINE_MS: the same rule as the program's. */}}
{{- define "pantun.env" -}}
{{- printf "PANTUN_%s" (regexReplaceAll "([a-z0-9])([A-Z])" (. | replace "." "_") "${1}_${2}" | upper) -}}
{{- end -}}
