/**
 * Preloaded into a server (`NODE_OPTIONS=--require`): its clock shows what the last request said, in milliseconds since the epoch, by the
 * header X-Clock. So requests of many days take no longer than their answers, however fast the machine is.
 */
const { Server } = require('node:http');

const realNow = Date.now;
const emit = Server.prototype.emit;
let told;

Date.now = () => told ?? realNow();

Server.prototype.emit = function (event, request, ...others) {
  if (event === 'request' && request.headers['x-clock']) told = Number(request.headers['x-clock']);
  return emit.call(this, event, request, ...others);
};
