/** Has answers to send. */
interface Sender {
  send(): void;
}

/**
 * Sends the answers of one turn of the event loop together at its end: each answer that is sent at once wakes its caller, which costs as much
 * as computing it.
 */
export class Outbox {
  private senders: Sender[] = [];

  add(sender: Sender): void {
    if (this.senders.push(sender) === 1) setImmediate(this.sendAll);
  }

  readonly sendAll = (): void => {
    const { senders } = this;
    this.senders = [];
    for (const sender of senders) sender.send();
  };
}
