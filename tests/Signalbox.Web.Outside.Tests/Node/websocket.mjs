// A client with the package ws: subscribes, publishes a word of its own on every connection, and comes back by offset
// and epoch when it is cut off. Says what happens to it, one JSON object a line.
import WebSocket from 'ws';

const [url, channel] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));

let position;
let connections = 0;
const unconfirmed = new Map();

function connect() {
  const socket = new WebSocket(url);
  const send = (command) => socket.send(JSON.stringify(command));
  const publish = (word) => send({ command: 'publish', key: channel, value: word, id: word, seq: word });

  socket.on('open', () => send({ command: 'subscribe', key: channel, ...position, seq: 'subscribe' }));
  socket.on('message', (data) => {
    const heard = JSON.parse(data);
    if (heard.command === 'message') {
      position.since = heard.offset;
      say({ at: 'message', channel: heard.key, offset: heard.offset, value: heard.value });
    } else if (heard.seq === 'subscribe') {
      position ??= { since: heard.offset, epoch: heard.epoch };
      say({ at: 'open', recovered: heard.recovered ?? true });
      const word = `word ${++connections}`;
      unconfirmed.set(word, true);
      for (const each of unconfirmed.keys()) publish(each);
    } else if (unconfirmed.delete(heard.seq)) {
      say({ at: 'published', value: heard.seq });
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(connect, 10));
}

connect();
process.stdin.on('end', () => process.exit()).resume();
