/**
 * Preloaded into a server (`NODE_OPTIONS=--require`): its clock shows the time in the last request's X-Clock header, in
 * milliseconds since the epoch, so that requests of many days take no longer than their responses.
 */
const { Server } = require('node:http');

const realNow = Date.now;
const emit = Server.prototype.emit;
let time;

Date.now = () => time ?? realNow();

Server.prototype.emit = function (event, request, ...others) {
  if (event === 'request' && request.headers['x-clock']) time = Number(request.headers['x-clock']);
  return emit.call(this, event, request, ...others);
};
