import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';

const DAY_SECONDS = 86_400;

/** @param origins separated by commas, or * for all */
export function corsOptions(origins: string): CorsOptions {
  return {
    origin: origins === '*' ? '*' : origins.split(',').map((origin) => origin.trim()),
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type', 'X-API-Key', 'X-Request-Id', 'traceparent', 'tracestate'],
    exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
    maxAge: DAY_SECONDS,
  };
}
