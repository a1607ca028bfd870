# Sourced by scripts of Kafka: a broker on a free port, which is $KAFKA_PORT. Java 17 and Maven.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
KAFKA_PORT=$(free_port)
CONTROLLER_PORT=$(free_port)
export KAFKA_PORT
mkdir broker
cat >broker/pom.xml <<'EOT'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>broker</artifactId><version>1</version>
  <dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.3.1</version></dependency></dependencies>
</project>
EOT
(cd broker && mvn --quiet --batch-mode dependency:copy-dependencies -DoutputDirectory=lib >/dev/null)
cat >broker/server.properties <<EOT
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$CONTROLLER_PORT
listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$CONTROLLER_PORT
advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT
controller.listener.names=CONTROLLER
log.dirs=$PWD/broker/data
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
EOT
java -cp 'broker/lib/*' kafka.tools.StorageTool format --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config broker/server.properties >/dev/null 2>&1
java -Xmx512m -cp 'broker/lib/*' kafka.Kafka broker/server.properties >broker/log 2>&1 &
until (: >/dev/tcp/127.0.0.1/"$KAFKA_PORT") 2>/dev/null; do sleep 0.5; done
