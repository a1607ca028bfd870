#!/usr/bin/env bash
# library: Spring Boot 4.0.7 with Micrometer
# with: spring-boot-starter-webmvc, spring-boot-starter-actuator, Java 17, a setting for the buckets of http.server.requests
# asked: ok slow bad fail raise unknown orders hang
# metrics: /actuator/prometheus
set -euo pipefail
mkdir -p src/main/java/shop src/main/resources
cat >pom.xml <<'EOF'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>4.0.7</version></parent>
  <groupId>shop</groupId><artifactId>shop</artifactId><version>1</version>
  <properties><java.version>17</java.version></properties>
  <dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-webmvc</artifactId></dependency>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-actuator</artifactId></dependency>
    <dependency><groupId>io.micrometer</groupId><artifactId>micrometer-registry-prometheus</artifactId></dependency>
  </dependencies>
  <build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>
</project>
EOF
cat >src/main/resources/application.properties <<'EOF'
server.address=127.0.0.1
management.endpoints.web.exposure.include=prometheus
management.metrics.distribution.slo.http.server.requests=50ms,100ms,250ms,500ms,1s,2500ms,5s,10s
EOF
cat >src/main/java/shop/Shop.java <<'EOF'
package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;

@SpringBootApplication
@RestController
public class Shop {
  public static void main(String[] args) { SpringApplication.run(Shop.class, args); }
  @GetMapping("/ok") String ok() { return "ok"; }
  @GetMapping("/slow") String slow() throws Exception { Thread.sleep(1200); return "slow"; }
  @GetMapping("/bad") ResponseEntity<String> bad() { return ResponseEntity.status(400).body("bad"); }
  @GetMapping("/fail") ResponseEntity<String> fail() { return ResponseEntity.status(503).body("fail"); }
  @GetMapping("/raise") String raise() { throw new IllegalStateException("raised"); }
  @GetMapping("/orders/{order}") String orders(@PathVariable("order") String order) { return order; }
  @GetMapping("/hang") String hang() throws Exception { Thread.sleep(2000); return "late"; }
}
EOF
mvn --batch-mode --quiet package >&2
exec java -jar target/shop-1.jar --server.port="$PORT" >/dev/null
