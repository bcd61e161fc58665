import { itIsRenewed } from '../helper/it-is-renewed.js';
import { RenewedModel } from '../helper/renewed-model.js';
import { ServerProcess } from '../helper/server-process.js';
import { type Postgres, startPostgres } from './helper/postgres.js';

const HOSTS = 2;

describe('A model that two servers serve from one folder, with one PostgreSQL', () => {
  let postgres: Postgres;
  const model = new RenewedModel({ hosts: HOSTS });
  beforeAll(async () => {
    postgres = await startPostgres();
    model.keepIn(postgres.url);
    await model.start();
  });
  afterAll(async () => {
    await ServerProcess.killAll();
    await postgres.stop();
  });

  itIsRenewed(model, HOSTS);
});
