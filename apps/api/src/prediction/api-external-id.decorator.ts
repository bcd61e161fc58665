import { ApiHeader } from '@nestjs/swagger';

/** Documents the header by which callers name a row. */
export const ApiExternalId = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'X-External-Id',
    required: false,
    description: "The caller's own name of the row: labels may come by it",
    schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,64}$', example: 'order-7' },
  });
