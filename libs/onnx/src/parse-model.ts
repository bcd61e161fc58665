import { type DescMessage, fromBinary, type Message } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { OnnxError } from './onnx.error.js';

/** @throws OnnxError when the bytes are no ONNX model */
export function parseModel(model: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, model);
  } catch (error) {
    throw new OnnxError(`is not an ONNX model (${(error as Error).message})`, 'Export it again and import it');
  }
}

type Field = Message | readonly Message[] | { readonly case?: string; readonly value?: Message } | undefined;

/** A message and all messages within it, by ONNX's schema: no list of places that could be incomplete. */
export function* messagesIn(schema: DescMessage, message: Message): Generator<[DescMessage, Message]> {
  yield [schema, message];
  for (const field of schema.fields) {
    const inner = field.fieldKind === 'list' && field.listKind === 'message' ? field.message : field.message;
    if (!inner) continue;
    const own = (message as unknown as Record<string, Field>)[field.oneof?.localName ?? field.localName];
    if (own === undefined) continue;
    const chosen = field.oneof ? ((own as { case?: string }).case === field.localName ? own : {}) : { value: own };
    const value = (chosen as { value?: Message | readonly Message[] }).value;
    const all = value === undefined ? [] : Array.isArray(value) ? (value as Message[]) : [value as Message];
    for (const one of all) yield* messagesIn(inner, one);
  }
}
