import { ScenarioPacks } from './scenario-packs.js';

describe('the packs of scenarios that come with the exchange', () => {
  it('each has a metadata schema that compiles and that asks something of an empty claim', async () => {
    const packs = await ScenarioPacks.load();
    expect(packs.all.length).toBeGreaterThanOrEqual(3);
    for (const { id, version } of packs.all) {
      const missing = packs.problems({ pack: id, version, metadata: {}, answers: [] }, true).filter((p) => p.path.startsWith('scenario.metadata'));
      expect(missing.map((p) => p.message)).toEqual(expect.arrayContaining([expect.stringContaining('required property')]));
    }
  });

  it('a pack or a version that is not there is a problem of the field', async () => {
    const packs = await ScenarioPacks.load();
    expect(packs.problems({ pack: 'livestream-commerce', version: '0.0.1', metadata: {}, answers: [] }, false)).toEqual([{ path: 'scenario.pack', message: 'no pack livestream-commerce of version 0.0.1' }]);
  });
});
