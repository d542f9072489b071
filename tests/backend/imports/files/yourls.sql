-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `yourls_log`;
LOCK TABLES `yourls_log` WRITE;
INSERT INTO `yourls_log` VALUES (1,'2024-01-01 00:00:00','ozh','direct','Mozilla/5.0 (it''s), like','192.0.2.7','DE');
UNLOCK TABLES;
DROP TABLE IF EXISTS `yourls_url`;
CREATE TABLE `yourls_url` (
  `keyword` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  `url` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `title` text,
  `timestamp` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `ip` varchar(41) NOT NULL,
  `clicks` int(10) unsigned NOT NULL,
  PRIMARY KEY (`keyword`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `yourls_url` WRITE;
INSERT INTO `yourls_url` VALUES ('ozh','https://shop.acme.example/ozh','It''s (really), a \'title\'\nof two lines','2023-12-24 18:00:00','192.0.2.7',120),('1f','https://shop.acme.example/?a=1&b=2',NULL,'2024-01-02 03:04:05','192.0.2.8',0);
INSERT INTO `yourls_url` (`keyword`, `url`, `title`, `timestamp`, `ip`, `clicks`) VALUES
('last','https://shop.acme.example/last','Last','2024-01-02 03:04:05','192.0.2.8',5);
UNLOCK TABLES;
