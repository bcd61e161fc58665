import { InputError, openRegularFile } from '#kit';

/** What a model file is, by what it holds; its name does not matter. */
export type DumpFormat = 'xgboost-json' | 'xgboost-ubjson' | 'lightgbm' | 'sklearn' | 'sklearn-pipeline' | 'onnx';

/** What tells the formats apart stands in the first bytes; of JSON, whose keys have no order, in more of them. */
const HEAD_BYTES = 65_536;

/** Formats that are not opened: how they begin, and what to do instead. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /^\x80[\x02-\x05]/,
    'is a pickle, which can run any code and is never opened. Save the model itself: XGBoost by save_model("model.ubj"), LightGBM by booster_.save_model("model.txt"), scikit-learn by tools/export_sklearn.py',
  ],
  [/^CBM1/, 'is a model of CatBoost, which is not imported yet. Save it by save_model("model.onnx", format="onnx")'],
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

/**
 * Tells the format of a model file by its content. What is none of ours is taken for ONNX, whose reader says what is wrong.
 *
 * @throws InputError on a file that cannot be read, or is in a format that is never opened
 */
export async function dumpFormat(path: string): Promise<DumpFormat> {
  const head = await readHead(path);
  const refused = REFUSED.find(([beginning]) => beginning.test(head));
  if (refused) throw new InputError(`${path} ${refused[1]}.`);
  if (/^tree\r?\n/.test(head)) return 'lightgbm';
  if (/^\{[iUIlL#$}]/.test(head)) return 'xgboost-ubjson';
  if (!/^\s*[{[]/.test(head)) return 'onnx';
  if (/^\s*\{\s*"type"\s*:\s*"skewless-sklearn"/.test(head)) return 'sklearn-pipeline';
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
