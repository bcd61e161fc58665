import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '#config';
import type { Middleware } from '../http/chained.js';
import { corsOptions } from './headers/cors-options.js';

/** Installs the configured middleware before the routes: CORS, authentication, and rate limits. */
export async function secure(
  app: NestExpressApplication,
  authorizing: Middleware | undefined,
  { server, cors, rateLimit }: AppConfig,
): Promise<void> {
  const limits = rateLimit.requests > 0 ? await import('./rate-limit/limit-rate.js') : undefined;
  if (limits) app.set('trust proxy', server.trustedProxies).use(limits.limitPreflights(rateLimit));
  if (cors.origins !== undefined) app.enableCors(corsOptions(cors.origins));
  if (authorizing) app.use(authorizing);
  if (limits) app.use(limits.limitRate(rateLimit));
}
