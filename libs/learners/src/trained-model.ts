import type { GradientBoostingModel } from './gradient-boosting/gradient-boosting.js';
import type { LogisticRegressionModel } from './logistic-regression/logistic-regression.js';
import type { RandomForestModel } from './random-forest/random-forest.js';

/** What training gives: plain data, told apart by `kind`. */
export type TrainedModel = RandomForestModel | GradientBoostingModel | LogisticRegressionModel;
