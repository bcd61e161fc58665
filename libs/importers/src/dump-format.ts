import { InputError, openRegularFile } from '#kit';

/** The format of a model file, by its contents; its name does not matter. */
export type DumpFormat = 'xgboost-json' | 'xgboost-ubjson' | 'lightgbm' | 'sklearn' | 'sklearn-pipeline' | 'onnx';

/** The first bytes tell the formats apart; JSON needs more of them, because its keys have no order. */
const HEAD_BYTES = 65_536;

const CATBOOST =
  'is a model of CatBoost, which is not imported yet. Save it by save_model("model.onnx", format="onnx")';
const SAVE_ITSELF =
  'Save the model itself: XGBoost by save_model("model.ubj"), LightGBM by booster_.save_model("model.txt"), scikit-learn by tools/export_sklearn.py';

/** Formats that are refused: how they begin, and what to do instead. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty. Save the model again'],
  [/^\x80[\x02-\x05]/, `is a pickle, which can run any code and is never opened. ${SAVE_ITSELF}`],
  [
    /^(?:\x78[\x01\x5e\x9c\xda]|\x1f\x8b|BZh[1-9]|\xfd7zXZ|\x5d\0\0|\x04\x22\x4d\x18)/,
    `is compressed, as joblib.dump(compress=...) writes a pickle, which can run any code and is never opened. ${SAVE_ITSELF}; unpack a model that was saved so`,
  ],
  [
    /^PK\x03\x04/,
    `is a ZIP archive, as PyTorch, Keras and skops write. Unpack a model that was saved otherwise, or export it to ONNX`,
  ],
  [/^\x89HDF/, 'is HDF5, as Keras writes. Export the model to ONNX'],
  [/^\s*<(?:\?xml|PMML|!DOCTYPE|html)/i, 'is XML or HTML, not a model that is imported. Export a PMML model to ONNX'],
  [/^CBM1/, CATBOOST],
  [
    /^(?:binf|bs64)/,
    'is a model of XGBoost before 2.0, in a format of its own. Load it there and save it by save_model("model.json")',
  ],
  [
    /^\s*\[\s*\{\s*"nodeid"/,
    'is what dump_model of XGBoost writes for people to read. Save the model by save_model("model.json")',
  ],
  [
    /^\s*\{\s*"name"\s*:\s*"tree"/,
    'is what dump_model of LightGBM writes. Save the model by booster_.save_model("model.txt")',
  ],
  [
    /^\s*booster\[0\]:/,
    'is what dump_model of XGBoost writes for people to read. Save the model by save_model("model.json")',
  ],
];

/** Text has no control characters; ONNX and other binary formats do. */
const TEXT = /^[^\0-\x08\x0e-\x1f]*$/;

/**
 * Detects the format of a model file. An unknown format counts as ONNX, whose reader then says what is wrong.
 *
 * @throws InputError on a file that cannot be read, or whose format is refused
 */
export async function dumpFormat(path: string): Promise<DumpFormat> {
  const head = await readHead(path);
  const refused = REFUSED.find(([beginning]) => beginning.test(head));
  if (refused) throw new InputError(`${path} ${refused[1]}.`);
  if (/^tree\r?\n/.test(head)) return 'lightgbm';
  if (/^\{[iUIlL#$}]/.test(head)) return 'xgboost-ubjson';
  if (!/^\s*[{[]/.test(head)) {
    if (!TEXT.test(head)) return 'onnx';
    throw new InputError(
      `${path} is text, but not a file that LightGBM, XGBoost or tools/export_sklearn.py writes. ${SAVE_ITSELF}.`,
    );
  }
  if (/^\s*\{\s*"type"\s*:\s*"skewless-sklearn"/.test(head)) return 'sklearn-pipeline';
  if (/"(?:oblivious_trees|features_info|scale_and_bias)"/.test(head)) throw new InputError(`${path} ${CATBOOST}.`);
  return /"(?:RandomForestClassifier|classes|trees)"/.test(head) && !/"learner"/.test(head)
    ? 'sklearn'
    : 'xgboost-json';
}

async function readHead(path: string): Promise<string> {
  const file = await openRegularFile(path).catch(({ message }: Error) => {
    throw new InputError(`${message}.`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
