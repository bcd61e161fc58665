import type { OpenAPIObject } from '@nestjs/swagger';

const text = { type: 'string' } as const;
const LABEL = { prediction_id: '019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11', label: 1 };

/** Documents the formats of labels, with an example of each. */
export function describeFeedback(operation: OpenAPIObject['paths'][string]['post']): void {
  if (!operation) return;
  operation.requestBody = {
    required: true,
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Feedback' }, example: { labels: [LABEL] } },
      'application/x-ndjson': { schema: text, example: `${JSON.stringify(LABEL)}\n` },
      'text/csv': { schema: text, example: `prediction_id,label\n${LABEL.prediction_id},${LABEL.label}\n` },
    },
  };
}
