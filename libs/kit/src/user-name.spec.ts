import { jest } from '@jest/globals';

it('is the user id where nobody gave it a name', async () => {
  const userInfo = jest.fn().mockImplementation(() => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  });
  jest.unstable_mockModule('node:os', () => ({ userInfo }));
  const { userName } = await import('./user-name.js');
  expect(userName()).toBe(`uid ${process.getuid!()}`);
  userInfo.mockReturnValue({ username: 'ada' });
  expect(userName()).toBe('ada');
});
