import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from 'onnx-buf';
import { messagesIn, parseModel } from './parse-model.js';

const OPERATOR = 'StringNormalizer';
const ATTRIBUTE = 'locale';
/** The locale that every glibc has since 2.35, and Debian earlier. */
const EVERYWHERE = 'C.UTF-8';
/** ONNX Runtime's default where a node names none. */
const DEFAULT = 'en_US.UTF-8';
/** English locales change case by Unicode's default, as C.UTF-8 does; Turkish, for example, does not. */
const ENGLISH = /^en([_-][A-Z]{2})?(\.utf-?8)?$/i;

/**
 * Replaces English locales in a model by one that every Linux has, for changing the case of texts: server images lack
 * the English ones.
 *
 * @returns `undefined` where no node names an English locale
 */
export function withCommonLocale(model: Uint8Array): Uint8Array | undefined {
  const parsed = parseModel(model);
  let changed = 0;
  for (const [schema, message] of messagesIn(ModelProtoSchema, parsed)) {
    if (schema.typeName !== NodeProtoSchema.typeName) continue;
    const node = message as NodeProto;
    if (node.opType !== OPERATOR) continue;
    const named = node.attribute.find(({ name }) => name === ATTRIBUTE);
    if (!ENGLISH.test(named ? Buffer.from(named.s).toString() : DEFAULT)) continue;
    const s = Buffer.from(EVERYWHERE);
    node.attribute = node.attribute.filter((attribute) => attribute !== named);
    node.attribute.push(create(AttributeProtoSchema, { name: ATTRIBUTE, type: AttributeType.STRING, s }));
    changed++;
  }
  return changed > 0 ? toBinary(ModelProtoSchema, parsed) : undefined;
}
