import { Args, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { type Actor, Asks, Authenticated, CurrentActor, organisationOf, permits } from '#identity';
import { isId } from '#shared';
import type { YearVolume } from '../domain/volume/movement.js';
import { VolumeLedger } from '../volume-ledger.js';

@ObjectType({ description: 'Natural persons, each counted once for each transfer that carries him. Decimal digits, because a bigint does not fit JSON.' })
export class PersonCounts {
  @Field(() => String, { description: 'Persons of whom only non-sensitive personal information is held.' }) persons: string;
  @Field(() => String, { description: 'Persons of whom sensitive personal information is held.' }) sensitivePersons: string;
}

@ObjectType({ description: 'What an exporter has exported in a calendar year, by the law that counts it. Both parts count against its thresholds.' })
export class ExportVolume {
  @Field(() => Int, { description: 'The calendar year where the law that counts applies.' }) year: number;
  @Field(() => PersonCounts, { description: 'Of orders whose data has not left yet; given back where they end before.' }) reserved: PersonCounts;
  @Field(() => PersonCounts, { description: 'Of data that has left.' }) confirmed: PersonCounts;
}

const YEAR = 'From 2021 to 9999.';

@Resolver()
@Authenticated()
export class VolumeResolver {
  constructor(private readonly volume: VolumeLedger) {}

  @Asks('compliance:read-volume')
  @Query(() => ExportVolume, { nullable: true, description: "What the caller's organisation has exported in a year." })
  async exportVolume(@CurrentActor() actor: Actor, @Args('year', { type: () => Int, description: YEAR }) year: number): Promise<ExportVolume | null> {
    return permits(actor, 'compliance:read-volume') && isYear(year) ? show(year, await this.volume.of(organisationOf(actor), year)) : null;
  }

  @Asks('oversight:read')
  @Query(() => ExportVolume, { nullable: true, description: 'What an organisation has exported in a year, for staff that oversees trades.' })
  async exportVolumeOf(
    @CurrentActor() actor: Actor, @Args('organisationId', { type: () => ID, description: 'UUID.' }) organisationId: string, @Args('year', { type: () => Int, description: YEAR }) year: number,
  ): Promise<ExportVolume | null> {
    return permits(actor, 'oversight:read') && isId(organisationId) && isYear(year) ? show(year, await this.volume.of(organisationId, year)) : null;
  }
}

const isYear = (year: number): boolean => year >= 2021 && year <= 9999;
const digits = (v: YearVolume['reserved']): PersonCounts => ({ persons: v.persons.toString(), sensitivePersons: v.sensitivePersons.toString() });
const show = (year: number, { reserved, confirmed }: YearVolume): ExportVolume => ({ year, reserved: digits(reserved), confirmed: digits(confirmed) });
