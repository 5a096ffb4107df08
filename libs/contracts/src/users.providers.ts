import { UsersResolver } from './api/users/users.resolver.js';
import { NamedUserRepository } from './storage/named-user.repository.js';
import { NameUser } from './use-cases/users/name-user.js';

/** What the module of this room provides for users by name. */
export const usersProviders = [NamedUserRepository, NameUser, UsersResolver];
