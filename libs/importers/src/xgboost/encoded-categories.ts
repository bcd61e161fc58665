import { DumpFlaw } from '../trees/dump-flaw.js';
import { Fields } from '../trees/fields.js';

const REMEDY =
  'Rename these categories before training, or name the values of the column by --recipe, in the order of their codes';

function textsOf(column: Fields): string[] {
  const offsets = column.numbers('offsets');
  const bytes = column.numbers('values');
  return Array.from({ length: Math.max(0, offsets.length - 1) }, (_, i) => {
    const [start, end] = [offsets[i], offsets[i + 1]];
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start && end <= bytes.length)) {
      throw new DumpFlaw(column.placeOf('offsets'), 'do not fit the values');
    }
    const text = bytes.subarray(start, end);
    // XGBoost 3.2 counts characters but stores bytes: non-ASCII texts are truncated and cannot be told apart.
    if (text.some((byte) => !(byte >= 0 && byte < 0x80))) {
      throw new DumpFlaw(
        column.placeOf('values'),
        'holds a category that is not ASCII, which XGBoost cuts off',
        REMEDY,
      );
    }
    return String.fromCharCode(...text);
  });
}

/**
 * The categories of each feature from the model's category table, in the order of their codes; empty for other
 * features.
 *
 * Source: `CatContainer` in https://github.com/dmlc/xgboost/blob/master/src/data/cat_container.cc
 */
export function encodedCategories(cats: Fields): (readonly (string | number)[])[] {
  if (!cats.has('enc')) return [];
  return Array.from(cats.list('enc'), (value, f) => {
    const column = Fields.of(value, `${cats.placeOf('enc')}[${f}]`);
    return column.has('offsets') ? textsOf(column) : Array.from(column.numbers('values'));
  });
}
