import type { GradientBoostingModel } from './gradient-boosting/gradient-boosting.js';
import type { LogisticRegressionModel } from './logistic-regression/logistic-regression.js';
import type { RandomForestModel } from './random-forest/random-forest.js';
import type { RidgeModel } from './ridge/ridge.js';

/** The result of training: plain data, discriminated by `kind`. A regression has 0 classes. */
export type TrainedModel = RandomForestModel | GradientBoostingModel | LogisticRegressionModel | RidgeModel;
