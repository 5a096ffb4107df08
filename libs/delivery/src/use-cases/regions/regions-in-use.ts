import { Injectable, type OnModuleInit } from '@nestjs/common';
import { asSystem, ConfigError } from '#shared';
import { StorageRegions } from '../../object-storage/regions/storage-regions.js';
import { StoredObjectRepository } from '../../storage/stored-object.repository.js';

/** An exchange does not start without the regions that its assets lie in: licences that were paid would be refused their files. */
@Injectable()
export class RegionsInUse implements OnModuleInit {
  constructor(private readonly regions: StorageRegions, private readonly objects: StoredObjectRepository) {}

  async onModuleInit(): Promise<void> {
    const missing = (await asSystem(() => this.objects.regionsInUse())).filter((id) => !this.regions.region(id));
    if (missing.length) throw new ConfigError(`STORAGE_REGIONS_FILE: assets lie in ${missing.join(', ')}, which is not configured`);
  }
}
