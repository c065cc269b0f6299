# The one image for web, worker and beat; its steps are scripts/image.sh, its commands scripts/start.sh.
# A named volume takes its owner from the folder it is laid over: hence /srv/data/files.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 DATA_DIR=/srv/data
WORKDIR /srv/bami

COPY scripts/image.sh scripts/image.sh
RUN scripts/image.sh libraries
COPY requirements.txt ./
RUN scripts/image.sh packages
COPY . .
RUN scripts/image.sh static \
 && useradd --system --uid 10001 bami \
 && rm -f /srv/data/secret-key \
 && mkdir -p /srv/data/files \
 && chown -R bami /srv/data

USER bami
ENTRYPOINT ["scripts/start.sh"]
CMD ["web"]
