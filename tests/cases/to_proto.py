"""Events of a Stream as messages, and as batches for AppendStream."""

from google.protobuf import descriptor

BATCH = 1000


class Converter:
    """EVENT is the message's class, which the caller has made with protoc."""

    def __init__(self, event):
        self.event = event
        self.times = {}

    def time_fields(self, message):
        """Names of fields of MESSAGE, a descriptor, that are times."""
        if message.full_name not in self.times:
            self.times[message.full_name] = [
                field.name for field in message.fields
                if field.type == descriptor.FieldDescriptor.TYPE_MESSAGE and
                field.message_type.full_name == "google.protobuf.Timestamp"]
        return self.times[message.full_name]

    def message(self, at, kind, body):
        of = self.event.DESCRIPTOR.fields_by_name[kind].message_type
        body = {name: stamp(value) if name in self.time_fields(of) else value
                for name, value in body.items()}
        out = self.event(effective_at=stamp(at), **{kind: body})
        getattr(out, kind).SetInParent()
        return out

    def batches(self, events):
        """Lists of messages, BATCH each."""
        for first in range(0, len(events), BATCH):
            yield [self.message(*event) for event in events[first:first + BATCH]]


def stamp(us):
    return dict(seconds=us // 1_000_000, nanos=us % 1_000_000 * 1000)
