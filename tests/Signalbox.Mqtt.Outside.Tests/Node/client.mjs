// A client with the package mqtt. Does what it is told with a line on the standard input, and says what happens to it:
// one JSON object a line. At the end of the input it says goodbye.
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';

const options = JSON.parse(process.argv[2]);
const say = (what) => console.log(JSON.stringify(what));
const isFive = options.version === 5;
const url = options.transport === 'ws' ? `ws://127.0.0.1:${options.port}/mqtt` : `mqtt://127.0.0.1:${options.port}`;
const client = mqtt.connect(url, {
  protocolVersion: options.version,
  clientId: options.id,
  clean: options.clean,
  username: options.user,
  password: options.password,
  will: options.will && { ...options.will, payload: Buffer.from(options.will.payload) },
  properties: isFive ? { sessionExpiryInterval: options.expiry, topicAliasMaximum: options.aliases } : undefined,
  reconnectPeriod: 0,
});

client.on('connect', ({ sessionPresent }) => say({ at: 'open', present: sessionPresent }));
client.on('error', ({ code }) => say({ at: 'refused', code }));
client.on('message', (topic, payload, { qos, retain, properties }) =>
  say({ at: 'message', topic, payload: payload.toString(), qos, retain, user: { ...properties?.userProperties } }));

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const { what, topic, payload, qos, retain, user } = JSON.parse(line);
  if (what === 'subscribe') {
    client.subscribe(topic, { qos }, (_, subscriptions, { granted }) => say({ at: 'subscribed', qos: granted[0] }));
  } else {
    const properties = isFive && user ? { userProperties: user } : undefined;
    client.publish(topic, payload, { qos, retain, properties }, () => say({ at: 'published' }));
  }
});
input.on('close', () => client.end(false, {}, () => process.exit()));
