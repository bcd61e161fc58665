import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** Answers what comes over connections that another listener has accepted. */
export interface ConnectionServer {
  accept(connection: Socket): void;
  /** May be called again once it has closed. */
  close(): Promise<void>;
}

export interface GrpcPortOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  /** Limit for this process; further connections are closed at once. */
  readonly maxConnections: number;
}

/**
 * The port of gRPC. Its server is loaded by the first connection, as most processes are only asked over HTTP and
 * need not keep it in memory.
 */
@Injectable()
export class GrpcPort implements OnApplicationShutdown {
  private listener?: Server;
  private server?: Promise<ConnectionServer>;

  /**
   * @param load is called once
   * @param failed is called if it cannot be loaded; connections are closed then
   * @returns the port that was bound
   * @throws Error of the operating system if the port cannot be bound
   */
  async listen(
    { host, port, maxConnections }: GrpcPortOptions,
    load: () => Promise<ConnectionServer>,
    failed: (error: Error) => void,
  ): Promise<number> {
    const handOver = async (connection: Socket): Promise<void> => {
      const ignore = (): void => undefined;
      // It may break meanwhile.
      connection.on('error', ignore);
      const server = await (this.server ??= load());
      connection.off('error', ignore);
      if (this.listener && !connection.destroyed) server.accept(connection);
      else connection.destroy();
    };
    const listener = createServer((connection) => {
      handOver(connection).catch((error: Error) => {
        connection.destroy();
        failed(error);
      });
    });
    listener.maxConnections = maxConnections;
    await once(listener.listen(port, host), 'listening');
    this.listener = listener;
    return (listener.address() as AddressInfo).port;
  }

  /** Takes no further connections. */
  close(): void {
    this.listener?.close();
    this.listener = undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    this.close();
    // Nest does not close a server that was loaded while it closed the others.
    await this.server?.then(
      (server) => server.close(),
      () => undefined,
    );
  }
}
