import { lowers } from '#testing';
import { createTensor, openSession } from '#runtime';

async function lowered(locale?: string): Promise<unknown> {
  const session = await openSession(lowers(locale), 1);
  const { lowered } = await session.run({ text: createTensor('string', ['RED', 'ÀÉÎ', 'ΣΟΦΟΣ', 'I', 'Straße'], [5]) });
  await session.release();
  return lowered.data;
}

it.each([[undefined], ['en_US.UTF-8'], ['en_US'], ['en_GB.utf8'], ['C.UTF-8']])(
  'A model that changes case by the locale %s opens where there is none but C.UTF-8, and answers alike',
  async (locale) => expect(await lowered(locale)).toEqual(['red', 'àéî', 'σοφοσ', 'i', 'straße']),
);

it('One that does otherwise is refused by its name', async () => {
  await expect(lowered('zz_ZZ.UTF-8')).rejects.toThrow('needs the locale zz_ZZ.UTF-8, which this machine lacks');
});
