import { ApiHeader } from '@nestjs/swagger';
import { EXTERNAL_ID_SCHEMA } from './external-id.js';

/** Documents the header with the caller's id of a row. */
export const ApiExternalId = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'X-External-Id',
    required: false,
    description: "The caller's own id of the row, by which its label can be sent later",
    schema: { ...EXTERNAL_ID_SCHEMA, example: 'order-7' },
  });
