import type { MlflowClient } from './mlflow-client.js';

/** As in the response: protobuf's JSON writes int64 as text in some versions, and NaN and infinity always. */
interface AnsweredMetric {
  readonly value: number | string;
  readonly timestamp: number | string;
  readonly step?: number | string;
}

/**
 * A text that is equal for equal metrics of one key.
 *
 * MLflow's SQL stores replace infinity by the largest double, and JSON has no negative zero.
 */
export function sameness(metric: AnsweredMetric): string {
  const value = Number(metric.value) + 0;
  const stored = Number.isNaN(value) ? value : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
  return `${Number(metric.step ?? 0)} ${Number(metric.timestamp)} ${stored}`;
}

/** Sent with every request: without it MLflow 3 (seen on 3.5 and 3.8) returns an empty page and rejects its token. */
const PAGE = '25000';

/** All values of one metric. https://mlflow.org/docs/latest/api_reference/rest-api.html#get-metric-history */
export async function metricHistory(client: MlflowClient, runId: string, key: string): Promise<string[]> {
  const history: string[] = [];
  let token: string | undefined;
  do {
    const page = (await client.get('metrics/get-history', {
      run_id: runId,
      metric_key: key,
      max_results: PAGE,
      ...(token && { page_token: token }),
    })) as { metrics?: AnsweredMetric[]; next_page_token?: string };
    for (const metric of page.metrics ?? []) history.push(sameness(metric));
    token = page.next_page_token;
  } while (token);
  return history;
}
