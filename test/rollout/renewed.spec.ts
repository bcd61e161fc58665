import { itIsRenewed } from '../helper/it-is-renewed.js';
import { RenewedModel } from '../helper/renewed-model.js';
import { ServerProcess } from '../helper/server-process.js';

const HOSTS = 1;

describe('A served model', () => {
  const model = new RenewedModel({ hosts: HOSTS });
  beforeAll(() => model.start());
  afterAll(() => ServerProcess.killAll());

  itIsRenewed(model, HOSTS);
});
