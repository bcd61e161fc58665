import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import express from 'express';
import { leanMessages } from './lean-messages.js';

const HEAD = 'POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('A request whose body nobody has taken yet', () => {
  it('holds crumbs of a packet as one part, in their order, and lets the sender wait when there are many', async () => {
    const server = createServer(leanMessages(express(), () => false)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const arrived = once(server, 'request') as Promise<[IncomingMessage]>;
    socket.write(HEAD);
    const [request] = await arrived;
    const crumbs = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `1\r\n${(from + i) % 10}\r\n`).join('');
    for (let packet = 0; packet < 300 && !request.socket.isPaused(); packet++) {
      socket.write(crumbs(packet * 10, packet * 10 + 10));
      await turn();
      await turn();
    }
    expect(request.socket.isPaused()).toBe(true);
    expect(request.readableLength).toBeLessThan(3_000);
    socket.write(
      crumbs(3_000, 3_010) + 'fff\r\n' + 'y'.repeat(0xfff) + '\r\n2000\r\n' + 'z'.repeat(0x2000) + '\r\n0\r\n\r\n',
    );
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const digits = text.length - 0xfff - 0x2000;
    expect(text).toBe('0123456789'.repeat(digits / 10) + 'y'.repeat(0xfff) + 'z'.repeat(0x2000));
    expect(digits).toBeGreaterThan(640);
    expect(parts.length).toBeLessThan(digits / 5);
    socket.destroy();
    server.close();
  });
});
