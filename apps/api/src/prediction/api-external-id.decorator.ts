import { ApiHeader } from '@nestjs/swagger';
import { EXTERNAL_ID_SCHEMA } from './external-id.js';

/** Documents the header with the caller's id of a row. */
export const ApiExternalId = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'X-External-Id',
    required: false,
    description: "The caller's own name of the row: labels may come by it",
    schema: { ...EXTERNAL_ID_SCHEMA, example: 'order-7' },
  });
