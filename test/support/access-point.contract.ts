import { newId } from '#shared';
import type { AccessPointPort, Envelope } from '../../libs/einvoice/src/domain/access-point.port.js';

export interface AccessPointUnderTest {
  readonly port: AccessPointPort;
  /** What the other end has, by the id of the envelope. */
  arrived(): Promise<ReadonlyMap<string, string>>;
  /** Something comes in; answers its id there. */
  comesIn(content: string): Promise<string>;
  /** The other end is away, or back. */
  away(is: boolean): Promise<void>;
}

export const envelope = (over: Partial<Envelope> = {}): Envelope => ({ id: newId(), sender: '0199:506700GE1G29325QX363', receiver: '0195:SGUEN197401143C', documentType: 'urn:type', process: 'urn:process', content: '<a>港口</a>', ...over });

/** What every adapter holds to. */
export function accessPointContract(open: () => AccessPointUnderTest): void {
  it('a document arrives once, as it was, however often it is sent under its id', async () => {
    const { port, arrived } = open();
    const one = envelope();
    const sent = await port.send(one);
    expect(sent).toEqual({ sent: true, reference: expect.any(String) });
    expect(await port.send(one)).toEqual(sent);
    const all = await arrived();
    expect([all.size, all.get(one.id)]).toEqual([1, one.content]);
  });
  it('what came in is answered until it is taken, and taking it twice is nothing', async () => {
    const { port, comesIn } = open();
    const [first, second] = [await comesIn('<a/>'), await comesIn('<b/>')];
    expect(await port.incoming(10)).toEqual([{ providerId: first, content: '<a/>' }, { providerId: second, content: '<b/>' }]);
    expect(await port.incoming(1)).toHaveLength(1);
    await port.taken(first);
    await port.taken(first);
    expect(await port.incoming(10)).toEqual([{ providerId: second, content: '<b/>' }]);
  });
  it('nothing throws while the other end is away: it may be tried again', async () => {
    const { port, away } = open();
    await away(true);
    expect(await port.send(envelope())).toEqual({ sent: false, final: false, problem: expect.any(String) });
    expect(await port.incoming(10)).toBeNull();
    await away(false);
    expect(await port.send(envelope())).toMatchObject({ sent: true });
  });
}
