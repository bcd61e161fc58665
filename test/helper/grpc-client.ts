import { fileURLToPath } from 'node:url';
import {
  type ClientUnaryCall,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';

const PROTO = fileURLToPath(new URL('../../apps/api/src/grpc/inference.proto', import.meta.url));

/** The result of a call. */
export interface GrpcAnswer {
  /** Name of the status, such as `OK`. */
  readonly status: string;
  readonly details: string;
  /** Absent if the status is not OK. */
  readonly message: any;
  /** The trailing metadata. */
  readonly trailers: Record<string, unknown>;
}

/** A client generated from the proto, like any other. */
export interface GrpcClient {
  call(method: string, request?: object, metadata?: Record<string, string>): Promise<GrpcAnswer>;
  /** A call whose answers come as a stream. */
  stream(method: string, request: object): AsyncIterable<any>;
  close(): void;
}

type Method = (
  request: object,
  metadata: Metadata,
  done: (error: ServiceError | null, answer: object) => void,
) => ClientUnaryCall;

/** @param service with its package */
export function grpcClient(
  port: number,
  service = 'inference.GRPCInferenceService',
  protos: string | readonly string[] = [PROTO, healthProto],
): GrpcClient {
  const definition = loadSync(protos as string[], { keepCase: true, longs: String, enums: String, oneofs: true });
  const found = service.split('.').reduce<any>((level, name) => level[name], loadPackageDefinition(definition));
  const client = new found(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
  });
  return {
    call: (method, request = {}, entries = {}) =>
      new Promise((resolve) => {
        const metadata = new Metadata();
        for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
        let ended: Omit<GrpcAnswer, 'trailers'>;
        const call = (client[method] as Method).call(client, request, metadata, (error, message) => {
          ended = { status: status[error?.code ?? 0], details: error?.details ?? '', message };
        });
        call.on('status', ({ metadata }) => setImmediate(() => resolve({ ...ended, trailers: metadata.getMap() })));
      }),
    stream: (method, request) => client[method](request) as AsyncIterable<any>,
    close: () => client.close(),
  };
}
