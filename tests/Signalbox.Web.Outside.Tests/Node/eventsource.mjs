// A client with the package eventsource, which comes back with Last-Event-ID by itself. Says what happens to it, one
// JSON object a line.
import { EventSource } from 'eventsource';

const [url] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));
const source = new EventSource(url);

source.addEventListener('subscribed', () => say({ at: 'open', recovered: true }));
source.addEventListener('recovered', ({ data }) => {
  const channels = Object.values(JSON.parse(data).channels);
  say({ at: 'open', recovered: channels.every((channel) => channel.recovered) });
});
source.addEventListener('message', ({ data }) => {
  const { key, offset, value } = JSON.parse(data);
  say({ at: 'message', channel: key, offset, value });
});
process.stdin.on('end', () => process.exit()).resume();
