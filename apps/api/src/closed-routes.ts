import type { AppConfig } from '#config';
import { RepositoryAdminController } from './inference-protocol/rest/repository.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MonitorPageController } from './monitoring/page/monitor-page.controller.js';
import { RolloutController } from './rollout/rollout.controller.js';
import type { ClosedRoutes } from './routes/read-routes.js';

const NEEDS_KEY =
  'need a key of scope admin, and this server has no keys: set security.keysFile (API_KEYS_FILE), or jwt.jwksUrl (JWT_JWKS_URL) for tokens';

/** The routes that these settings leave out, each with the setting that opens it. */
export function closedRoutes({ metrics, monitor }: AppConfig, hasKeys: boolean): ClosedRoutes[] {
  const closed: ClosedRoutes[] = [];
  if (!hasKeys) {
    closed.push(
      {
        controllers: [RolloutController],
        reason: `Rollouts and renewals over HTTP ${NEEDS_KEY}. On the server's machine, npx skewless rollout and npx skewless renew need none.`,
      },
      {
        controllers: [RepositoryAdminController],
        reason: `Loading and unloading ${NEEDS_KEY}. Or move aliases with npx skewless models promote on the server's machine: the server follows.`,
      },
    );
  }
  if (!metrics.enabled) {
    closed.push({
      controllers: [MetricsController],
      reason: 'This server collects no metrics: metrics.enabled (METRICS_ENABLED) is false.',
    });
  } else if (metrics.port !== undefined) {
    closed.push({
      controllers: [MetricsController],
      reason: `Metrics are at port ${metrics.port}, as metrics.port (METRICS_PORT) says.`,
    });
  }
  if (!monitor.page) {
    closed.push({
      controllers: [MonitorPageController],
      reason: 'This server shows no monitoring pages: monitor.page (MONITOR_PAGE) is false.',
    });
  }
  return closed;
}
