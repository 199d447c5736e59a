# A client with paho. Does what it is told with a line on the standard input, and says what happens to it: one JSON
# object a line. At the end of the input it says goodbye.
import json
import sys

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

options = json.loads(sys.argv[1])
is_five = options["version"] == 5


def say(**what):
    print(json.dumps(what), flush=True)


def on_connect(client, userdata, flags, reason, properties=None):
    if reason == 0:
        say(at="open", present=bool(flags["session present"]))
    else:
        say(at="refused", code=reason.value if is_five else reason)


def on_message(client, userdata, message):
    user = dict(getattr(message.properties, "UserProperty", [])) if is_five else {}
    say(at="message", topic=message.topic, payload=message.payload.decode(), qos=message.qos,
        retain=bool(message.retain), user=user)


def on_subscribe(client, userdata, mid, granted, properties=None):
    say(at="subscribed", qos=granted[0].value if is_five else granted[0])


client = paho.Client(
    client_id=options["id"], clean_session=None if is_five else options["clean"], protocol=options["version"],
    transport="websockets" if options["transport"] == "ws" else "tcp")
client.on_connect = on_connect
client.on_message = on_message
client.on_subscribe = on_subscribe
client.on_publish = lambda client, userdata, mid: say(at="published")
if options["transport"] == "ws":
    client.ws_set_options(path="/mqtt")
if options.get("password"):
    client.username_pw_set(options["user"], options["password"])
if options.get("will"):
    client.will_set(**options["will"])

asked = {}
if is_five:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = options["expiry"]
    asked = {"clean_start": options["clean"], "properties": properties}
client.connect("127.0.0.1", options["port"], **asked)
client.loop_start()
for line in sys.stdin:
    told = json.loads(line)
    if told["what"] == "subscribe":
        client.subscribe(told["topic"], told["qos"])
        continue

    properties = None
    if is_five and told.get("user"):
        properties = Properties(PacketTypes.PUBLISH)
        properties.UserProperty = list(told["user"].items())
    client.publish(told["topic"], told["payload"], told["qos"], told["retain"], properties)

client.disconnect()
client.loop_stop()
